"""kaowu: from official guidelines as data to the documents an institution must produce, keep and show."""
