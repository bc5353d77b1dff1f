"""Who is treated: the register, facts and intake, referrals, papers, consent to messages, and who may open a record."""
