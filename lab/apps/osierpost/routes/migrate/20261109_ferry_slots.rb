Sequel.migration { change { create_table(:ferry_slots) { primary_key :id; String :port; Time :leaves } } }
