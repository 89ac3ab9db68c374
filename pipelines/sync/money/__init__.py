"""Money agrees: amounts in ChargeOver against Salesforce, to the cent, and every difference with its reason."""
