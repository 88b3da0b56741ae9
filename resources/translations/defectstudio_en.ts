<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
    <context>
        <name>Gallery</name>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln image</numerusform>
                <numerusform>%Ln images</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>GalleryModel</name>
        <message numerus="yes">
            <source>%Ln note(s)</source>
            <translation>
                <numerusform>%Ln note</numerusform>
                <numerusform>%Ln notes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>History</name>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln image</numerusform>
                <numerusform>%Ln images</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>HistoryDesk</name>
        <message numerus="yes">
            <source>Take back the %Ln step(s) after this one?</source>
            <translation>
                <numerusform>Take back the %Ln step after this one?</numerusform>
                <numerusform>Take back the %Ln steps after this one?</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ImportDialog</name>
        <message numerus="yes">
            <source>&amp;Import %Ln image(s)</source>
            <translation>
                <numerusform>&amp;Import %Ln image</numerusform>
                <numerusform>&amp;Import %Ln images</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ImportReport</name>
        <message numerus="yes">
            <source>%Ln image(s)</source>
            <translation>
                <numerusform>%Ln image</numerusform>
                <numerusform>%Ln images</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>… and %Ln more.</source>
            <translation>
                <numerusform>… and %Ln more.</numerusform>
                <numerusform>… and %Ln more.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>MoreSettings</name>
        <message numerus="yes">
            <source>%Ln changed</source>
            <translation>
                <numerusform>%Ln changed</numerusform>
                <numerusform>%Ln changed</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>Queue</name>
        <message numerus="yes">
            <source>%Ln epoch(s)</source>
            <translation>
                <numerusform>%Ln epoch</numerusform>
                <numerusform>%Ln epochs</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln mask(s)</source>
            <translation>
                <numerusform>%Ln mask</numerusform>
                <numerusform>%Ln masks</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>QueueList</name>
        <message numerus="yes">
            <source>Queue: %Ln training(s)</source>
            <translation>
                <numerusform>Queue: %Ln training</numerusform>
                <numerusform>Queue: %Ln trainings</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ResultsPanel</name>
        <message numerus="yes">
            <source>%Ln mask(s)</source>
            <translation>
                <numerusform>%Ln mask</numerusform>
                <numerusform>%Ln masks</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>RunsDesk</name>
        <message numerus="yes">
            <source>%Ln deleted run(s) removed from disk.</source>
            <translation>
                <numerusform>%Ln deleted run removed from disk.</numerusform>
                <numerusform>%Ln deleted runs removed from disk.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%Ln run(s) deleted. Undo brings them back.</source>
            <translation>
                <numerusform>%Ln run deleted. Undo brings it back.</numerusform>
                <numerusform>%Ln runs deleted. Undo brings them back.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>Remove %Ln deleted run(s) from disk?</source>
            <translation>
                <numerusform>Remove %Ln deleted run from disk?</numerusform>
                <numerusform>Remove %Ln deleted runs from disk?</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>TrainDesk</name>
        <message numerus="yes">
            <source>%Ln training(s) still wait in the queue of this project.</source>
            <translation>
                <numerusform>%Ln training still waits in the queue of this project.</numerusform>
                <numerusform>%Ln trainings still wait in the queue of this project.</numerusform>
            </translation>
        </message>
    </context>
</TS>
