"""Bot Framework channels: who may call, what comes in, how replies are delivered."""
