namespace Delivery.Mta.Spool;

/// <summary>A recipient that was not taken.</summary>
/// <param name="Line">Number of its line in what was uploaded, from 1; of a job that came in one call its place in <c>recipients</c>, from 0.</param>
/// <param name="Email">As it was given, null where there was none.</param>
internal readonly record struct Rejection(long Line, string? Email, string Reason);
