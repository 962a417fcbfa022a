@echo off
rem Runs the program, and makes this checkout ready first if it is not: scripts\kiosk demo, scripts\kiosk --help, ...
setlocal
set "KIOSK_ROOT=%~dp0.."
set "KIOSK_VENV=%KIOSK_ROOT%\.venv\Scripts\python.exe"
set "PYTHONPATH="
set "PYTHONHOME="

if exist "%KIOSK_VENV%" (
    "%KIOSK_VENV%" -I -S "%~dp0setup_env.py" --check >nul 2>nul && goto run
)

set "KIOSK_BASE="
if defined KIOSK_PYTHON call :try "%KIOSK_PYTHON%"
if not defined KIOSK_BASE call :try py -3.11
if not defined KIOSK_BASE call :try py -3.12
if not defined KIOSK_BASE call :try py -3.13
if not defined KIOSK_BASE call :try python
if not defined KIOSK_BASE (
    echo kiosk set-up: Python 3.11, 3.12 or 3.13 is needed and was not found; install one and start again. 1>&2
    exit /b 1
)
%KIOSK_BASE% -I "%~dp0setup_env.py" 1>&2
if errorlevel 1 exit /b 1

:run
"%KIOSK_VENV%" -P -m kiosk %*
exit /b %ERRORLEVEL%

:try
%* -I -c "import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))" >nul 2>nul && set KIOSK_BASE=%*
exit /b 0
