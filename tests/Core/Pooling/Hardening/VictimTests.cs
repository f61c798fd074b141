using System.Diagnostics;

namespace FastBuffers.Tests.Pooling.Hardening;

/// <summary>Processes that do to a hardened rental what is not allowed, and how they end.</summary>
public sealed class VictimTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    public static TheoryData<VictimDeed> Crimes => [.. Enum.GetValues<VictimDeed>().Where(deed => deed != VictimDeed.Nothing)];

    [Fact]
    public async Task One_that_keeps_to_the_rules_comes_to_its_end()
    {
        (int code, string said) = await RunAsync(VictimDeed.Nothing);
        Assert.True(code == 0, said);
    }

    [Theory]
    [MemberData(nameof(Crimes))]
    public async Task One_that_does_not_is_stopped(VictimDeed deed)
    {
        (int code, string said) = await RunAsync(deed);
        Assert.True(code != 0, $"{deed} came to its end: {said}");
        if (deed.ToString().Contains("Canary", StringComparison.Ordinal))
        {
            string place = deed == VictimDeed.DamagesTheCanaryBefore ? "before its first byte" : "behind its last byte";
            Assert.Contains(place, said, StringComparison.Ordinal);
            Assert.Contains("\"victim\"", said, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("AccessViolation", said, StringComparison.Ordinal);
        }
    }

    private static async Task<(int Code, string Said)> RunAsync(VictimDeed deed)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", typeof(Victim).Assembly.Location])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment[Victim.Variable] = deed.ToString();
        start.Environment["DOTNET_DbgEnableMiniDump"] = "0";
        start.Environment.Remove("COMPlus_DbgEnableMiniDump");
        if (Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet")
        {
            start.FileName = path;
        }

        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(s_patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }

        return (process.ExitCode, await output + await errors);
    }
}
