"""What was seen of a lot when it came in, and the way of food from donor to person and back."""
