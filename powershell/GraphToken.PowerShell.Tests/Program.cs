using GraphToken.PowerShell.Tests;
using Xunit.Runner.InProc.SystemConsole;

// `--script TEXT` is how a test starts a process in which the module has never been loaded.
return args is ["--script", string script] ? FreshProcess.RunScript(script) : await ConsoleRunner.Run(args);
