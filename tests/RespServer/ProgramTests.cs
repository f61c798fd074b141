using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using FastBuffers.Samples.Resp.Demo;
using FastBuffers.Samples.Resp.Tests.Infrastructure;

namespace FastBuffers.Samples.Resp.Tests;

public sealed partial class ProgramTests
{
    private const int Interrupt = 2;
    private const int Terminate = 15;

    [Theory]
    [InlineData("--port", "--port needs a value")]
    [InlineData("--port 65536", "--port '65536' is not a number from 0 to 65535")]
    [InlineData("--port -1", "--port '-1' is not a number from 0 to 65535")]
    [InlineData("--bind nowhere", "--bind 'nowhere' is not an IP address")]
    [InlineData("--max-memory lots", "--max-memory 'lots' is not a size such as 1000000, 512kb, 256mb or 2gb")]
    [InlineData("--max-memory 99999999999gb", "--max-memory '99999999999gb' is not a size such as 1000000, 512kb, 256mb or 2gb")]
    [InlineData("--max-memory 10kb", "--max-memory '10kb' is less than 1mb")]
    [InlineData("--write-wait soon", "--write-wait 'soon' is not a number of milliseconds from 0 to 10000")]
    [InlineData("--write-wait 10001", "--write-wait '10001' is not a number of milliseconds from 0 to 10000")]
    [InlineData("--write-wait -1", "--write-wait '-1' is not a number of milliseconds from 0 to 10000")]
    [InlineData("--write-wait 0.5", "--write-wait '0.5' is not a number of milliseconds from 0 to 10000")]
    [InlineData("--write-wait 4294967296", "--write-wait '4294967296' is not a number of milliseconds from 0 to 10000")]
    [InlineData("--write-wait", "--write-wait needs a value")]
    [InlineData("--frob", "unknown argument '--frob'")]
    public void A_bad_argument_is_named_with_its_rule(string arguments, string message) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => CommandLine.Parse(arguments.Split(' '))).Message);

    [Theory]
    [InlineData(-1, "-1 ms is not a number of milliseconds from 0 to 10000 (Parameter 'WriteWait')")]
    [InlineData(10_001, "10001 ms is not a number of milliseconds from 0 to 10000 (Parameter 'WriteWait')")]
    [InlineData(4_294_967_296, "4294967296 ms is not a number of milliseconds from 0 to 10000 (Parameter 'WriteWait')")]
    public void A_bad_wait_of_the_options_is_named_with_its_rule(long milliseconds, string message) =>
        Assert.Equal(
            message,
            Assert.Throws<ArgumentOutOfRangeException>(() => new RespServerOptions { WriteWait = TimeSpan.FromMilliseconds(milliseconds) }).Message);

    [Theory]
    [InlineData(0)]
    [InlineData(10_000)]
    public void Waits_up_to_the_limits_are_taken(int milliseconds)
    {
        var time = TimeSpan.FromMilliseconds(milliseconds);
        Assert.Equal(time, new RespServerOptions { WriteWait = time }.WriteWait);
        Assert.Equal(time, CommandLine.Parse(["--write-wait", $"{milliseconds}"]).Options.WriteWait);
    }

    [Fact]
    public void Arguments_are_read()
    {
        CommandLine line = CommandLine.Parse(["--port", "0", "--bind", "::1", "--max-memory", "256MB", "--write-wait", "7", "--demo"]);
        Assert.Equal(0, line.Options.Port);
        Assert.Equal(IPAddress.IPv6Loopback, line.Options.Bind);
        Assert.Equal(256L << 20, line.Options.MaxMemory);
        Assert.Equal(TimeSpan.FromMilliseconds(7), line.Options.WriteWait);
        Assert.True(line.IsDemo);
        Assert.Equal(6379, CommandLine.Parse([]).Options.Port);
        Assert.Equal(TimeSpan.FromMilliseconds(50), CommandLine.Parse([]).Options.WriteWait);
        Assert.Equal(IPAddress.Loopback, CommandLine.Parse([]).Options.Bind);
    }

    [Fact]
    public async Task A_bad_argument_exits_with_2()
    {
        using Process process = Start("--port", "x");
        await process.WaitForExitAsync();
        Assert.Equal(2, process.ExitCode);
        Assert.Contains("--port 'x' is not", await process.StandardError.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Interrupt)]
    [InlineData(Terminate)]
    public async Task A_signal_finishes_what_is_being_sent_and_exits_with_0(int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using Process process = Start("--port", "0");
        try
        {
            string? line = await process.StandardOutput.ReadLineAsync();
            string endPoint = line!.Split(' ')[2].TrimEnd('.');
            using var client = new RawClient(IPEndPoint.Parse(endPoint), receiveBuffer: 4096);
            byte[] value = Pattern.Create(24 * 1024 * 1024, 1);
            client.Send($"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n${value.Length}\r\n");
            client.Send(value);
            client.Send("\r\n");
            client.Expect("+OK\r\n");
            client.Send("GET k\r\n");
            client.Expect("$");
            Assert.Equal(0, Kill(process.Id, signal));
            await Task.Delay(200);
            Assert.False(process.HasExited);
            client.Expect($"{value.Length}\r\n");
            Assert.True(value.AsSpan().SequenceEqual(client.Receive(value.Length)));
            client.Expect("\r\n");
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static Process Start(params string[] arguments) => Process.Start(new ProcessStartInfo(
        Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
        [typeof(RespServer).Assembly.Location, .. arguments])
    {
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
