Sequel.migration do
  change do
    create_table(:shifts) { primary_key :id; foreign_key :crew_id, :crew; Date :day; Integer :hours }
  end
end
