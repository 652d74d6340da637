"""Facts that ask for a look before a tenancy is lost: told with their days, never added up."""
