"""Form 01's other two purposes: a change of details and the end of electronic transactions, online and at the counter."""
