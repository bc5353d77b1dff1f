"""Where courses meet the schedule: dates proposed, booked, moved; the pages of the calendar; absences, closures, the waiting list."""
