"""Before a card ends: what is to be done, in words; the days for the phone's calendar; reminders."""
