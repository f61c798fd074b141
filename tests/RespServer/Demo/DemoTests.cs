using FastBuffers.Samples.Resp.Demo;

namespace FastBuffers.Samples.Resp.Tests.Demo;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_finds_every_reply_right_and_nothing_left()
    {
        var output = new StringWriter();
        int exitCode = await new DemoRun(TimeSpan.FromSeconds(2.5), new LineView(output)).RunAsync();
        Assert.True(exitCode == 0, output.ToString());
        Assert.Contains("0 wrong", output.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("OK" + Environment.NewLine, output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_wrong_reply_one_byte_left_or_one_leak_fails_it()
    {
        var good = new Tally();
        good.Count("GET", true, 1, "k");
        var bad = new Tally();
        bad.Count("GET", false, 1, "k");
        RegionPoolStatistics empty = new() { Rents = 5, Returns = 5, CachedBytes = 100 };
        RegionPoolStatistics left = empty with { RentedBytes = 64 };
        Assert.True(new DemoOutcome(good, 0, 0, empty, 0, 0).IsGood);
        Assert.False(new DemoOutcome(new Tally(), 0, 0, empty, 0, 0).IsGood);
        Assert.False(new DemoOutcome(bad, 0, 0, empty, 0, 0).IsGood);
        Assert.False(new DemoOutcome(good, 1, 0, empty, 0, 0).IsGood);
        Assert.False(new DemoOutcome(good, 0, 1, empty, 0, 0).IsGood);
        Assert.False(new DemoOutcome(good, 0, 0, left, 0, 0).IsGood);
        Assert.False(new DemoOutcome(good, 0, 0, empty with { Rents = 6 }, 0, 0).IsGood);
        Assert.False(new DemoOutcome(good, 0, 0, empty, 1, 0).IsGood);
        Assert.False(new DemoOutcome(good, 0, 0, empty, 0, 1).IsGood);
        Assert.Contains(new DemoOutcome(bad, 0, 0, empty, 0, 0).Describe(), line => line == "WRONG: GET k: wrong reply");
    }

    [Fact]
    public void A_pattern_tells_one_wrong_byte()
    {
        byte[] bytes = Pattern.CreateTagged(1001, 77);
        Assert.True(Pattern.IsTagged(bytes, out ulong seed));
        Assert.Equal(77ul, seed);
        for (int i = 0; i < bytes.Length; i++)
        {
            bytes[i] ^= 1;
            Assert.False(Pattern.IsTagged(bytes, out _));
            bytes[i] ^= 1;
        }

        Assert.NotEqual(Pattern.Create(100, 1), Pattern.Create(100, 2));
    }
}
