"""The use cases: functions of ports and domain, knowing neither GraphQL nor any vendor."""
