"""The words kiosks and hub say to each other over MQTT: topics, messages, versions."""
