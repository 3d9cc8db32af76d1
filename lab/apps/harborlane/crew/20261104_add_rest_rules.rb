Sequel.migration do
  change do
    add_column :shifts, :rest_hours, Integer, default: 11
  end
end
