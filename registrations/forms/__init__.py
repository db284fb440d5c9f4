"""What a person may type to record a fact, by subject.  A form reads; a service judges."""
