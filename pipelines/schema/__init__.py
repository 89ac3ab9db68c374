"""What an org must have for the mappings: derived from them, written as Salesforce metadata, packed to be deployed."""
