using System.Diagnostics;
using System.Globalization;

namespace FastBuffers.Bench.Memory;

/// <summary>The burst in a process of its own, where nothing else comes and goes. It is this program, started with a command of its own.</summary>
internal static class BurstProcess
{
    public const string Command = "burst";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    public static MemoryUse Run()
    {
        using Process process = Start();
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(s_patience))
        {
            process.Kill();
            throw new TimeoutException($"The burst took longer than {s_patience.TotalSeconds} s.");
        }

        return process.ExitCode == 0
            ? new MemoryUse(long.Parse(output.Result, CultureInfo.InvariantCulture), Burst.MaxKept, "5 % of the burst")
            : throw new InvalidOperationException($"The burst ended with exit code {process.ExitCode}: {error.Result.Trim()}");
    }

    private static Process Start()
    {
        string program = Environment.ProcessPath ?? throw new InvalidOperationException("The path of this program is unknown.");
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };

        // Started by the dotnet host, this program is its first argument.
        if (Path.GetFileNameWithoutExtension(program) == "dotnet")
        {
            start.ArgumentList.Add(typeof(BurstProcess).Assembly.Location);
        }

        start.ArgumentList.Add(Command);
        return Process.Start(start) ?? throw new InvalidOperationException("The burst did not start.");
    }
}
