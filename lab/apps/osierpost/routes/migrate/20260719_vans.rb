Sequel.migration { change { create_table(:vans) { primary_key :id; String :plate } } }
