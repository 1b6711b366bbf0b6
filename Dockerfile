# The app on a CPU, as a user without rights:
#   docker build -t receptive-fields . && docker run --rm -p 8501:8501 receptive-fields
FROM python:3.11-slim-bookworm

# Where PyTorch's CPU build lies. Empty: the package index alone, whose Linux build brings several GB of CUDA.
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu

ENV PYTHONUNBUFFERED=1
WORKDIR /app

COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -r requirements.txt

COPY .streamlit .streamlit
COPY assets assets
COPY core core
COPY pages pages
COPY app.py ./
# Compiled now, as the user below may write nothing here.
RUN python -m compileall -q app.py core pages
RUN useradd --create-home --uid 10001 app
USER app

EXPOSE 8501
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "from http.client import HTTPConnection; c = HTTPConnection('127.0.0.1', 8501, timeout=4); c.request('GET', '/_stcore/health'); raise SystemExit(c.getresponse().status != 200)"]
# The last option is the address to print; without it, Streamlit asks an outside host for one.
CMD ["streamlit", "run", "app.py", "--server.headless=true", "--server.address=0.0.0.0", "--server.port=8501", "--browser.serverAddress=localhost"]
