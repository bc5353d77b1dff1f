"""Who may open what a record says about health: who is in a patient's care, who opened it from outside and why."""
