"""What an act in the studio costs, beside the signed-in floor that runs in the same minute."""
