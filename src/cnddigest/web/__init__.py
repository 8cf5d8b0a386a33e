"""The web server: the output folder as it is, and what is made when somebody asks. Home of starlette and uvicorn."""
