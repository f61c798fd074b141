using System.Diagnostics;
using System.Text.Json;
using FastBuffers.Interleaving.Variants;

namespace FastBuffers.Interleaving.Tests.Sources;

/// <summary>What the explorer sees is what the library runs: the same files, and no access past the shims.</summary>
public sealed class LockFreeSourceTests
{
    [Fact]
    public void Lock_free_files_touch_shared_state_through_the_shims_only() => Assert.Empty(PlainAccessFinder.Find(LockFreeFiles.Names));

    [Fact]
    public void A_planted_plain_access_is_found()
    {
        List<string> found = PlainAccessFinder.Find(
            LockFreeFiles.Names,
            new Edit("Tracker.cs", "internal long Word => Volatile.Read(ref _word);", "internal long Word => _word;"));

        Assert.Equal("Tracker.cs", Assert.Single(found).Split('(')[0]);
    }

    [Fact]
    public void A_planted_element_access_is_found()
    {
        List<string> found = PlainAccessFinder.Find(
            LockFreeFiles.Names,
            new Edit("TicketCache.cs", "Volatile.Read(ref depot[slot]) is not null", "depot[slot] is not null"));

        Assert.Contains("depot[slot]", Assert.Single(found), StringComparison.Ordinal);
    }

    [Fact]
    public void This_project_compiles_the_files_of_the_library_except_for_Racy()
    {
        string locking = Path.Combine(SourceTree.Locking, "FastBuffers.Locking.csproj");
        string here = Path.Combine(SourceTree.Project, "FastBuffers.Interleaving.csproj");
        string inside = SourceTree.Locking + Path.DirectorySeparatorChar;

        IEnumerable<string> library = Compiled(locking).Where(path => Path.GetFileName(path) != "Racy.cs" && !path.Contains("/obj/", StringComparison.Ordinal));
        IEnumerable<string> linked = Compiled(here).Where(path => path.StartsWith(inside, StringComparison.Ordinal));

        Assert.Equal(library.Order(StringComparer.Ordinal), linked.Order(StringComparer.Ordinal));
        Assert.Equal(SourceTree.Linked, linked.Order(StringComparer.Ordinal));
    }

    // What the build itself says, so that no pattern in a project file can fool the comparison.
    private static List<string> Compiled(string project)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["msbuild", project, "-getItem:Compile", "-nodeReuse:false"])
        {
            RedirectStandardOutput = true,
            Environment = { ["MSBUILDTERMINALLOGGER"] = "off" },
        })!;
        using JsonDocument items = JsonDocument.Parse(process.StandardOutput.ReadToEnd());
        process.WaitForExit();
        return [.. items.RootElement.GetProperty("Items").GetProperty("Compile").EnumerateArray().Select(item => item.GetProperty("FullPath").GetString()!)];
    }
}
