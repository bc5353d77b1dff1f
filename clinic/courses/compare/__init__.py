"""Two plans side by side: stages, protocols, the plan and what was signed, this session and the last."""
