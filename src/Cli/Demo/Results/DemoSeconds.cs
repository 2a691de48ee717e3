namespace Delivery.Cli.Demo.Results;

/// <param name="Setup">From the start of the command to the submission.</param>
/// <param name="ToFirstMessage">From the submission (the request is sent) to the first message at the sink.</param>
/// <param name="ToLastMessage">From the submission to the last message at the sink.</param>
/// <param name="ToReport">From the submission to the report that shows all that the readers did; their reading is within.</param>
internal sealed record DemoSeconds(double Setup, double ToFirstMessage, double ToLastMessage, double ToReport);
