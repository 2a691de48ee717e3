namespace Delivery.Mta.Messages;

/// <summary>
/// Something wrong in a job's content. Field is a path as in <c>content.html</c>; line and column count from 1 and
/// are 0 where the whole field is meant.
/// </summary>
internal sealed record ContentError(string Field, string Message, int Line = 0, int Column = 0);
