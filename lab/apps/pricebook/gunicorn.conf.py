bind = "0.0.0.0:8000"
workers = 3
timeout = 6
max_requests = 20
max_requests_jitter = 5
accesslog = None
