"""Why a value is where it is: one row from all sides, field by field, and the sentence that concludes."""
