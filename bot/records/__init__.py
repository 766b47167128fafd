"""What learners take away and others are told: made of facts, published and sent."""
