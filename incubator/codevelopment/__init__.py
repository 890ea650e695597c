"""Design firms and mould factories on a product: deliverables with revisions, the consortium with its ledger, and the data room."""
