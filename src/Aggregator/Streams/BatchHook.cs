namespace Delivery.Aggregator.Streams;

/// <summary>Lets a test stop, fail or pause a consumer at a named moment. Does nothing unless set.</summary>
internal sealed class BatchHook
{
    public Func<BatchPoint, Task>? At { get; set; }

    public Task ReachAsync(BatchPoint point) => At is { } at ? at(point) : Task.CompletedTask;
}
