Sequel.migration do
  change do
    create_table(:crew) { primary_key :id; String :name, null: false; String :rank }
  end
end
