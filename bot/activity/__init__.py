"""Values that channels and turns exchange: inbound activities, addresses, signed links."""
