"""All care placed afresh, nobody held where they are: evidence for tenders, in totals alone, and never a plan."""
