"""What several explorables use: drawing digits, and weights a byte each."""
