Sequel.migration { change { create_table(:stops) { primary_key :id; String :postcode; Integer :van } } }
