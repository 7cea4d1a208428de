@echo off
rem Runs p2pcopy from a clone: builds it when its sources changed, then runs it with its exit code.
setlocal
where dotnet >nul 2>nul || (echo p2pcopy: needs the .NET 10 SDK, get it from https://dotnet.microsoft.com/download/dotnet/10.0 1>&2 & exit /b 127)
set DOTNET_NOLOGO=1
dotnet build "%~dp0src\P2PCopy.Cli" -c Release -v quiet --nologo <nul 1>&2 || exit /b 126
dotnet "%~dp0src\P2PCopy.Cli\bin\Release\net10.0\p2pcopy.dll" %*
