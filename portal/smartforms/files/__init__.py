"""Files that answer a question: checked when they arrive, by what is in them, never by their name; kept in the private
storage; read only through the door of who may see the answers."""
