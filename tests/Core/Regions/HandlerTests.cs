namespace FastBuffers.Tests.Regions;

[Collection(ProcessWide.Name)]
public sealed class HandlerTests
{
    [Fact]
    public void Dispose_never_throws_whatever_a_handler_of_its_report_does()
    {
        static void Throw(object? sender, HoldEventArgs report) => throw new NotSupportedException();

        Region region = Region.Allocate(8);
        Lease lease = region.Take(HoldKind.Read);
        HoldDiagnostics.DisposedWhileHeld += Throw;
        try
        {
            Assert.Null(Record.Exception(region.Dispose));
        }
        finally
        {
            HoldDiagnostics.DisposedWhileHeld -= Throw;
            lease.Dispose();
        }
    }

    [Fact]
    public unsafe void A_release_never_throws_whatever_a_handler_of_a_failed_free_does()
    {
        static void Throw(object? sender, HoldEventArgs report) => throw new NotSupportedException();

        byte value = 0;
        Region region = Region.Wrap(&value, 1, ConflictTable.AllKinds, static () => throw new NotSupportedException());
        Lease lease = region.Take(HoldKind.Read);
        region.Dispose();
        HoldDiagnostics.FreeFailed += Throw;
        try
        {
            Assert.Null(Record.Exception(lease.Dispose));
        }
        finally
        {
            HoldDiagnostics.FreeFailed -= Throw;
        }
    }
}
