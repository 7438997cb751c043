"""The ground Corridor stands on: sectors, states, hubs and investment projects."""
