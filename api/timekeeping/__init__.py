"""Whether the service's clock is believed, and an administrator's word that it is right."""
