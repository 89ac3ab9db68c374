"""co2sf: ChargeOver billing data in Salesforce."""

import gc

# Loading makes some hundred thousand objects that stay. Python would look through them for garbage after every 700 new
# ones: half a second of the four that a process needs until it can begin.
gc.set_threshold(50_000, 10, 10)
