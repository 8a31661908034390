"""The words all rooms share. No file access, nothing of ours imported from outside this room."""
