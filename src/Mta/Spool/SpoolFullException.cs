namespace Delivery.Mta.Spool;

/// <summary>The spool's disk is full: nothing was written, what was there stands.</summary>
internal sealed class SpoolFullException(Exception inner) : IOException("The spool's disk is full.", inner);
