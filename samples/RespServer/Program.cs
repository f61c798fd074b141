using System.Net.Sockets;
using System.Runtime.InteropServices;
using FastBuffers.Samples.Resp;
using FastBuffers.Samples.Resp.Demo;
using Spectre.Console;

CommandLine commandLine;
try
{
    commandLine = CommandLine.Parse(args);
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine($"RespServer: {exception.Message}");
    Console.Error.WriteLine(CommandLine.Usage);
    return 2;
}

if (commandLine.IsHelp)
{
    Console.WriteLine(CommandLine.Usage);
    return 0;
}

if (commandLine.IsDemo)
{
    IDemoView view = Console.IsOutputRedirected ? new LineView(Console.Out) : new TableView(AnsiConsole.Console);
    return await new DemoRun(TimeSpan.FromSeconds(10), view).RunAsync();
}

var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

await using var server = new RespServer(commandLine.Options);
try
{
    server.Start();
}
catch (SocketException exception)
{
    Console.Error.WriteLine($"RespServer: cannot listen on {server.EndPoint}: {exception.Message}");
    return 1;
}

Console.WriteLine($"Listening on {server.EndPoint}. Ctrl-C stops.");
await stop.Task;
await server.StopAsync();
Console.WriteLine("Stopped.");
return 0;

void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.TrySetResult();
}
