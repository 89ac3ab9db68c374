"""The only room that knows Salesforce's API: logging in, describing, writing, and what its answers mean."""
