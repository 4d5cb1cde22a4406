"""VssID: an open, self-hostable "Bảo hiểm xã hội số" for one province of Vietnam."""
